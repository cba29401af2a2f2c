//! Finds the user whose process is the peer of a loopback connection, with proc(5).
//!
//! The user is unknown on other systems than Linux, and where the peer is not in the lists, such
//! as a browser outside of the virtual machine.

use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::Path;

use super::file;

/// Size in bytes up to which a list is read.
const MAX_LIST: u64 = 64 << 20;

/// Returns the user id of the peer.
pub fn uid_of_peer(stream: &TcpStream) -> Option<u32> {
    let (peer, own) = (stream.peer_addr().ok()?, stream.local_addr().ok()?);
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|path| {
        let bytes = file::read_at_most(Path::new(path), MAX_LIST).ok()?;
        find_uid(&String::from_utf8_lossy(&bytes), peer, own)
    })
}

/// Finds the user id of the socket with these addresses.
fn find_uid(list: &str, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    const UID_FIELD: usize = 7;
    list.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let is_equal = |field: &str, address: SocketAddr| {
            spellings(address)
                .iter()
                .any(|text| field.eq_ignore_ascii_case(text))
        };
        let is_found = is_equal(fields.get(1)?, local) && is_equal(fields.get(2)?, remote);
        is_found
            .then(|| fields.get(UID_FIELD)?.parse().ok())
            .flatten()
    })
}

/// Returns the ways in which the lists write an address: 32-bit words in the byte order of this
/// computer, and an IPv4 address also as a mapped IPv6 address.
fn spellings(address: SocketAddr) -> Vec<String> {
    let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
    let port = address.port();
    let (v4, v6) = match address.ip() {
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
    fn sockets_are_found_in_both_address_families() {
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, 0x8ca0));
        let other = SocketAddr::from((Ipv4Addr::LOCALHOST, 0x1f90));
        let list = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n\
             0: 0100007F:1F90 0100007F:8CA0 01 00000000:00000000 00:00000000 00000000     7        0\n\
             1: 0100007F:8CA0 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0\n";
        assert_eq!(find_uid(list, own, other), Some(1000));
        assert_eq!(find_uid(list, other, own), Some(7));
        assert_eq!(find_uid("", own, other), None);
        let list = "head\n0: 0000000000000000FFFF00000100007F:8CA0 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0 5 0\n";
        assert_eq!(find_uid(list, own, other), Some(5));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_peer_of_this_process_has_its_user() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        assert_eq!(uid_of_peer(&stream), Some(file::user_id()));
    }
}
