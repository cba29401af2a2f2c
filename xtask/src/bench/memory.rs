//! Measures the peak memory of warm calls.
//!
//! The peak that the kernel reports for an ended child includes the parent before exec. The call
//! is therefore measured while it runs: it writes its output, as the last thing that it does, to
//! a pipe that is full.

use super::figures::Figures;
use super::home::BenchHome;
use super::programs::Programs;
use super::warm_calls;
use emulator::Options;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

pub(super) fn measure(programs: &Programs, figures: &mut Figures) -> Result<(), String> {
    if !std::path::Path::new("/proc/self/status").exists() {
        println!("peak memory: not measured, /proc is missing");
        return Ok(());
    }
    let home = BenchHome::create("memory", Options::default())?;
    warm_calls::fill_caches(programs, &home)?;
    let mut peak = 0;
    for (name, line) in warm_calls::command_lines(&programs.sso, &home) {
        // `exec` replaces itself by its command.
        if !name.starts_with("exec") {
            peak = peak.max(peak_memory(line.command())?);
        }
    }
    figures.count("sizes", "peak memory, warm call", peak, "KiB");
    Ok(())
}

/// Runs a command and returns its peak resident memory in KiB.
fn peak_memory(mut command: std::process::Command) -> Result<u64, String> {
    let (mut reader, mut writer) = std::io::pipe().map_err(|e| e.to_string())?;
    let output = writer.try_clone().map_err(|e| e.to_string())?;
    // The thread fills the pipe and then blocks.
    let filler = std::thread::spawn(move || {
        let _ = writer.write_all(&vec![b'x'; 1 << 20]);
    });
    std::thread::sleep(Duration::from_millis(50));
    let mut child = command
        .stdout(Stdio::from(output))
        .spawn()
        .map_err(|e| e.to_string())?;
    drop(command);
    let status = format!("/proc/{}/status", child.id());
    let until = Instant::now() + Duration::from_millis(300);
    let mut peak = 0;
    while Instant::now() < until {
        peak = status_field(&status, "VmHWM:").unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut rest = Vec::new();
    let drained = reader.read_to_end(&mut rest).map_err(|e| e.to_string());
    let _ = filler.join();
    let ended = child.wait().map_err(|e| e.to_string())?;
    drained?;
    match (ended.success(), peak) {
        (true, 1..) => Ok(peak),
        _ => Err(format!(
            "peak memory: the call ended with {ended} at {peak} KiB"
        )),
    }
}

/// Reads a number from a file in the format of `/proc/PID/status`.
fn status_field(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
