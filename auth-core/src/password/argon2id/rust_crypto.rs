use argon2::{Algorithm, Argon2, Params};

use super::memory::Memory;
use super::params::Argon2Params;
use super::password_hasher::{Argon2Input, PasswordHasher, Variant, Version};
use super::pepper::Pepper;
use crate::password::error::HashError;

/// The kernel of the `argon2` crate.
#[derive(Default)]
pub(in crate::password) struct RustCrypto {
    memory: Memory,
}

impl PasswordHasher for RustCrypto {
    fn argon2(&mut self, input: &Argon2Input<'_>, output: &mut [u8]) -> Result<(), HashError> {
        let params = native(input.params)?;
        let blocks = self.memory.take(params.block_count()).ok_or(HashError::Memory)?;
        let (algorithm, version) = (algorithm(input.variant), version(input.version));
        let argon2 = match input.pepper.map(Pepper::key) {
            Some(key) => Argon2::new_with_secret(key, algorithm, version, params).map_err(HashError::argon2)?,
            None => Argon2::new(algorithm, version, params),
        };
        argon2.hash_password_into_with_memory(input.password, input.salt, output, blocks).map_err(HashError::argon2)
    }

    fn warm(&mut self, params: Argon2Params) -> Result<(), HashError> {
        self.memory.take(block_count(params)?).map(|_| ()).ok_or(HashError::Memory)
    }

    fn shrink(&mut self, params: Argon2Params) -> Result<(), HashError> {
        self.memory.shrink(block_count(params)?);
        Ok(())
    }

    fn wipe(&mut self) {
        self.memory.wipe();
    }

    #[cfg(test)]
    fn kept(&self) -> usize {
        self.memory.capacity()
    }
}

const fn algorithm(variant: Variant) -> Algorithm {
    match variant {
        Variant::D => Algorithm::Argon2d,
        Variant::I => Algorithm::Argon2i,
        Variant::Id => Algorithm::Argon2id,
    }
}

const fn version(version: Version) -> argon2::Version {
    match version {
        Version::V16 => argon2::Version::V0x10,
        Version::V19 => argon2::Version::V0x13,
    }
}

fn native(params: Argon2Params) -> Result<Params, HashError> {
    Params::new(params.memory(), params.passes(), params.lanes(), None).map_err(HashError::argon2)
}

fn block_count(params: Argon2Params) -> Result<usize, HashError> {
    native(params).map(|params| params.block_count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_dear_hash_is_given_back() {
        let mut kernel = RustCrypto::default();
        let params = |memory| Argon2Params::danger_weak(memory, 1, 1).unwrap();
        kernel.warm(params(64)).unwrap();
        assert_eq!(kernel.kept(), 64);
        kernel.shrink(params(8)).unwrap();
        assert_eq!(kernel.kept(), 8);
    }
}
