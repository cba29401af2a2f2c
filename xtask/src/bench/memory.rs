//! The most memory that a warm call has held.
//!
//! What the kernel reports at the end of a child counts the parent that started it, too. So
//! the call is caught while it still lives: its output goes into a pipe that is full, and
//! writing it is the last thing that it does.

use super::figures::Figures;
use super::home::Home;
use super::programs::Programs;
use super::warm;
use emulator::Options;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

pub(super) fn measure(programs: &Programs, figures: &mut Figures) -> Result<(), String> {
    if !std::path::Path::new("/proc/self/status").exists() {
        println!("peak memory: not measured, for want of /proc");
        return Ok(());
    }
    let home = Home::create("memory", Options::default())?;
    warm::warm_up(programs, &home)?;
    let mut most = 0;
    for (name, line) in warm::lines(&programs.sso, &home) {
        // The memory of `exec` becomes its command's.
        if !name.starts_with("exec") {
            most = most.max(peak(line.command())?);
        }
    }
    figures.count("sizes", "peak memory, warm call", most, "KiB");
    Ok(())
}

/// The peak in KiB.
fn peak(mut command: std::process::Command) -> Result<u64, String> {
    let (mut reader, mut writer) = std::io::pipe().map_err(|e| e.to_string())?;
    let other = writer.try_clone().map_err(|e| e.to_string())?;
    // The pipe is full when a thread that fills it gets no further.
    let filler = std::thread::spawn(move || {
        let _ = writer.write_all(&vec![b'x'; 1 << 20]);
    });
    std::thread::sleep(Duration::from_millis(50));
    let mut child = command
        .stdout(Stdio::from(other))
        .spawn()
        .map_err(|e| e.to_string())?;
    drop(command);
    let status = format!("/proc/{}/status", child.id());
    let until = Instant::now() + Duration::from_millis(300);
    let mut seen = 0;
    while Instant::now() < until {
        seen = field(&status, "VmHWM:").unwrap_or(seen);
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut rest = Vec::new();
    let drained = reader.read_to_end(&mut rest).map_err(|e| e.to_string());
    let _ = filler.join();
    let ended = child.wait().map_err(|e| e.to_string())?;
    drained?;
    match (ended.success(), seen) {
        (true, 1..) => Ok(seen),
        _ => Err(format!(
            "peak memory: the call ended with {ended}, at {seen} KiB"
        )),
    }
}

fn field(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
