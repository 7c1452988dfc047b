use std::net::{IpAddr, SocketAddr};

/// The client behind `hops` proxies of our own: each of them appended the peer that it saw, so the
/// client is the `hops`-th address from the right. What a client wrote itself stands left of it
/// and is never read. A chain that is too short, or not made of addresses, gives the peer.
pub(super) fn client_ip(peer: Option<IpAddr>, forwarded_for: &[String], hops: usize) -> Option<IpAddr> {
    let nearest = hops.checked_sub(1);
    let forwarded = nearest.and_then(|nearest| {
        let hop = forwarded_for.iter().rev().flat_map(|value| value.rsplit(',')).nth(nearest)?;
        address(hop.trim())
    });
    forwarded.or(peer).map(|ip| ip.to_canonical())
}

fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(bracketed).or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(forwarded_for: &[&str], hops: usize) -> String {
        let values: Vec<_> = forwarded_for.iter().map(|value| (*value).to_owned()).collect();
        client_ip("10.0.0.1".parse().ok(), &values, hops).map(|ip| ip.to_string()).unwrap_or_default()
    }

    #[test]
    fn without_proxies_the_header_is_not_read() {
        assert_eq!(client(&["1.1.1.1"], 0), "10.0.0.1");
    }

    #[test]
    fn the_right_most_untrusted_hop_counts() {
        assert_eq!(client(&["6.6.6.6, 1.1.1.1"], 1), "1.1.1.1");
        assert_eq!(client(&["6.6.6.6", "1.1.1.1, 10.0.0.2"], 2), "1.1.1.1");
        assert_eq!(client(&["6.6.6.6, 1.1.1.1", "10.0.0.2"], 2), "1.1.1.1");
    }

    #[test]
    fn what_is_no_chain_of_addresses_gives_the_peer() {
        for values in [&[][..], &["unknown"], &[""], &["1.1.1.1,"]] {
            assert_eq!(client(values, 1), "10.0.0.1", "{values:?}");
        }
        assert_eq!(client(&["1.1.1.1"], 2), "10.0.0.1");
    }

    #[test]
    fn addresses_come_in_several_forms() {
        assert_eq!(client(&["2001:db8::1"], 1), "2001:db8::1");
        assert_eq!(client(&["[2001:db8::1]:443"], 1), "2001:db8::1");
        assert_eq!(client(&["[2001:db8::1]"], 1), "2001:db8::1");
        assert_eq!(client(&["::ffff:1.2.3.4"], 1), "1.2.3.4");
        assert_eq!(client(&["1.2.3.4:80"], 1), "1.2.3.4");
    }
}
