//! Finds the user whose process is the peer of a loopback connection.
//!
//! The user is unknown where the system does not list the peer, such as a browser outside of the
//! virtual machine, and where the list cannot be read.

use std::net::TcpStream;

/// Returns the user id of the peer; `None` if it cannot be told.
///
/// The system lists a socket whose process has closed it under root.
pub fn uid_of_peer(stream: &TcpStream) -> Option<u32> {
    list::find(stream.peer_addr().ok()?, stream.local_addr().ok()?)
}

/// The sockets of this computer, from proc(5).
#[cfg(target_os = "linux")]
mod list {
    use std::fs::File;
    use std::io::{BufRead, BufReader, Read};
    use std::net::{IpAddr, SocketAddr};

    /// Limit on a list in bytes, at 150 bytes for a socket. The list is read piece by piece, so
    /// that other users cannot make it too long to read by opening connections.
    const MAX_LIST: u64 = 1 << 30;

    /// Limit on a line in bytes.
    const MAX_LINE: u64 = 1024;

    /// Finds the user id of the socket with these addresses.
    pub fn find(local: SocketAddr, remote: SocketAddr) -> Option<u32> {
        let (local, remote) = (spellings(local), spellings(remote));
        ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|path| {
            let list = File::open(path).ok()?.take(MAX_LIST);
            find_in(BufReader::with_capacity(64 << 10, list), &local, &remote)
        })
    }

    pub(super) fn find_in(
        mut list: impl BufRead,
        local: &[String; 2],
        remote: &[String; 2],
    ) -> Option<u32> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut rest = (&mut list).take(MAX_LINE);
            if rest.read_until(b'\n', &mut line).ok()? == 0 {
                return None;
            }
            if let Some(uid) = uid_if_equal(&line, local, remote) {
                return Some(uid);
            }
        }
    }

    /// Returns the user id in a line about the socket with these addresses.
    fn uid_if_equal(line: &[u8], local: &[String; 2], remote: &[String; 2]) -> Option<u32> {
        let mut fields = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
        let is_equal = |field: &str, spellings: &[String; 2]| {
            spellings
                .iter()
                .any(|text| field.eq_ignore_ascii_case(text))
        };
        let is_found = is_equal(fields.nth(1)?, local) && is_equal(fields.next()?, remote);
        // State, queues, timer and retransmissions come before the user.
        fields.nth(4).filter(|_| is_found)?.parse().ok()
    }

    /// Returns the ways in which the lists write an address: 32-bit words in the byte order of
    /// this computer, and an IPv4 address also as a mapped IPv6 address.
    pub(super) fn spellings(address: SocketAddr) -> [String; 2] {
        let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
        let port = address.port();
        let v6 = match address.ip() {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        };
        let octets = v6.octets();
        let (words, _) = octets.as_chunks::<4>();
        let long: String = words.iter().map(|bytes| word(*bytes)).collect();
        let short = v6
            .to_ipv4_mapped()
            .map_or_else(|| long.clone(), |ip| word(ip.octets()));
        [short, long].map(|ip| format!("{ip}:{port:04X}"))
    }
}

/// The sockets of this user's processes, from lsof(8), which lists those of other users for root
/// only.
#[cfg(any(test, not(target_os = "linux")))]
mod lsof {
    use std::net::SocketAddr;

    /// Finds the user id of the socket with these addresses.
    #[cfg(not(target_os = "linux"))]
    pub fn find(local: SocketAddr, remote: SocketAddr) -> Option<u32> {
        let output = std::process::Command::new("lsof")
            .args(["-nP", "-Fun", "-i", &format!("TCP:{}", local.port())])
            .stdin(std::process::Stdio::null())
            .output()
            .ok()?;
        find_in(&String::from_utf8_lossy(&output.stdout), local, remote)
    }

    /// Finds the user id in the output: a line with `u` for each process, and then one with `n`
    /// for each of its sockets.
    pub(super) fn find_in(output: &str, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
        let socket = format!("n{local}->{remote}");
        let mut uid = None;
        output.lines().find_map(|line| {
            if let Some(user) = line.strip_prefix('u') {
                uid = user.parse().ok();
            }
            uid.filter(|_| line == socket)
        })
    }
}

#[cfg(not(target_os = "linux"))]
use lsof as list;

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};

    use super::*;

    const OWN: SocketAddr = loopback(0x8ca0);
    const OTHER: SocketAddr = loopback(0x1f90);

    const fn loopback(port: u16) -> SocketAddr {
        SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
    }

    #[cfg(target_os = "linux")]
    fn find_in(list: impl Read, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
        let (local, remote) = (list::spellings(local), list::spellings(remote));
        list::find_in(io::BufReader::new(list), &local, &remote)
    }

    #[test]
    #[cfg(all(target_os = "linux", target_endian = "little"))]
    fn sockets_are_found_in_both_address_families() {
        let list = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n\
             0: 0100007F:1F90 0100007F:8CA0 01 00000000:00000000 00:00000000 00000000     7        0\n\
             1: 0100007F:8CA0 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0\n";
        assert_eq!(find_in(list.as_bytes(), OWN, OTHER), Some(1000));
        assert_eq!(find_in(list.as_bytes(), OTHER, OWN), Some(7));
        assert_eq!(find_in(io::empty(), OWN, OTHER), None);
        let list = "head\n0: 0000000000000000FFFF00000100007F:8CA0 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0 5 0\n";
        assert_eq!(find_in(list.as_bytes(), OWN, OTHER), Some(5));
    }

    #[test]
    #[cfg(all(target_os = "linux", target_endian = "little"))]
    fn a_socket_is_found_behind_any_number_of_others() {
        let others = io::repeat(b'0').take(100 << 20);
        let line = "\n9: 0100007F:8CA0 0100007F:1F90 01 0:0 0:0 0 1000 0\n";
        let list = others.chain(line.as_bytes());
        assert_eq!(find_in(list, OWN, OTHER), Some(1000));
    }

    #[test]
    fn the_output_of_lsof_names_the_user_before_the_sockets() {
        let output = "p10\nu501\nf20\nn127.0.0.1:8080\nf21\nn127.0.0.1:8080->127.0.0.1:36000\n\
                      p11\nu502\nf5\nn127.0.0.1:36000->127.0.0.1:8080\n";
        assert_eq!(lsof::find_in(output, OWN, OTHER), Some(502));
        assert_eq!(lsof::find_in(output, OTHER, OWN), Some(501));
        assert_eq!(lsof::find_in("", OWN, OTHER), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_peer_of_this_process_has_its_user() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        assert_eq!(uid_of_peer(&stream), Some(crate::os::file::user_id()));
    }
}
