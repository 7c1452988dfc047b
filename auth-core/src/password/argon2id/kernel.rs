use argon2::{Algorithm, Argon2, Params, Version};

use super::memory::Memory;
use super::params::Argon2Params;
use crate::password::error::HashError;

/// What Argon2 is given (RFC 9106 §3.1).
pub(in crate::password) struct Argon2Input<'a> {
    pub(in crate::password) algorithm: Algorithm,
    pub(in crate::password) version: Version,
    pub(in crate::password) params: Argon2Params,
    pub(in crate::password) secret: Option<&'a [u8]>,
    pub(in crate::password) password: &'a [u8],
    pub(in crate::password) salt: &'a [u8],
}

/// Computes Argon2 for one thread, in memory that it keeps.
#[derive(Default)]
pub(in crate::password) struct Kernel {
    memory: Memory,
}

impl Kernel {
    pub(in crate::password) fn argon2(&mut self, input: &Argon2Input<'_>, output: &mut [u8]) -> Result<(), HashError> {
        let params = native(input.params)?;
        let blocks = self.memory.take(params.block_count()).ok_or(HashError::Memory)?;
        let argon2 = match input.secret {
            Some(secret) => {
                Argon2::new_with_secret(secret, input.algorithm, input.version, params).map_err(HashError::argon2)?
            }
            None => Argon2::new(input.algorithm, input.version, params),
        };
        argon2.hash_password_into_with_memory(input.password, input.salt, output, blocks).map_err(HashError::argon2)
    }

    /// Takes the memory that these parameters need.
    pub(in crate::password) fn warm(&mut self, params: Argon2Params) -> Result<(), HashError> {
        self.memory.take(block_count(params)?).map(|_| ()).ok_or(HashError::Memory)
    }

    /// Gives back what is above the need of these parameters.
    pub(in crate::password) fn shrink(&mut self, params: Argon2Params) -> Result<(), HashError> {
        self.memory.shrink(block_count(params)?);
        Ok(())
    }

    /// Forgets what the last computation left in memory.
    pub(in crate::password) fn wipe(&mut self) {
        self.memory.wipe();
    }

    /// How many blocks are kept.
    #[cfg(test)]
    pub(in crate::password) fn blocks(&self) -> usize {
        self.memory.capacity()
    }
}

fn native(params: Argon2Params) -> Result<Params, HashError> {
    Params::new(params.memory(), params.passes(), params.lanes(), None).map_err(HashError::argon2)
}

fn block_count(params: Argon2Params) -> Result<usize, HashError> {
    native(params).map(|params| params.block_count())
}
