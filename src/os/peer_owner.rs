//! Whose process is at the other end of a connection on this computer.
//!
//! Linux lists all connections with their users. Where there is no such list, or the other end
//! is not in it (a browser outside a virtual machine), there is no answer.

use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::Path;

use super::file;

const MOST: u64 = 64 << 20;

/// The user of the other end.
pub fn user_of(stream: &TcpStream) -> Option<u32> {
    let (theirs, ours) = (stream.peer_addr().ok()?, stream.local_addr().ok()?);
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|path| {
        let bytes = file::read_at_most(Path::new(path), MOST).ok()?;
        find(&String::from_utf8_lossy(&bytes), theirs, ours)
    })
}

/// The user of the socket with these two ends in one of the lists.
fn find(list: &str, own: SocketAddr, other: SocketAddr) -> Option<u32> {
    const USER: usize = 7;
    list.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let is = |field: &str, end: SocketAddr| {
            spellings(end)
                .iter()
                .any(|text| field.eq_ignore_ascii_case(text))
        };
        let found = is(fields.get(1)?, own) && is(fields.get(2)?, other);
        found.then(|| fields.get(USER)?.parse().ok()).flatten()
    })
}

/// How an end is written there: words of 32 bits in this computer's order, and an address of
/// version 4 also as one of version 6.
fn spellings(end: SocketAddr) -> Vec<String> {
    let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
    let port = end.port();
    let (v4, v6) = match end.ip() {
        IpAddr::V4(ip) => (Some(ip), ip.to_ipv6_mapped()),
        IpAddr::V6(ip) => (ip.to_ipv4_mapped(), ip),
    };
    let octets = v6.octets();
    let (words, _) = octets.as_chunks::<4>();
    let v6: String = words.iter().map(|bytes| word(*bytes)).collect();
    let v4 = v4.map(|ip| format!("{}:{port:04X}", word(ip.octets())));
    v4.into_iter().chain([format!("{v6}:{port:04X}")]).collect()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn an_end_is_found_in_both_lists() {
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, 0x8ca0));
        let other = SocketAddr::from((Ipv4Addr::LOCALHOST, 0x1f90));
        let list = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n\
             0: 0100007F:1F90 0100007F:8CA0 01 00000000:00000000 00:00000000 00000000     7        0\n\
             1: 0100007F:8CA0 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0\n";
        assert_eq!(find(list, own, other), Some(1000));
        assert_eq!(find(list, other, own), Some(7));
        assert_eq!(find("", own, other), None);
        let list = "head\n0: 0000000000000000FFFF00000100007F:8CA0 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0 5 0\n";
        assert_eq!(find(list, own, other), Some(5));
    }

    #[test]
    #[cfg(target_os = "linux")]
    #[expect(clippy::disallowed_methods, reason = "the test is both ends")]
    fn a_connection_of_our_own_is_ours() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        assert_eq!(user_of(&stream), Some(file::us()));
    }
}
