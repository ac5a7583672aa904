//! Tokens and passwords, and where the planning room may listen.

use std::net::IpAddr;
use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::fault::Fault;
use crate::tr;

/// Who may use the planning room beyond this machine.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// `https://oraux.example.fr`: the address of the proxy in front, which does TLS.
    pub origin: Option<String>,
    /// The password's argon2 hash.
    pub password: Option<String>,
}

/// So many random bytes as hexadecimal digits.
pub(crate) fn random(bytes: usize) -> String {
    let mut all = vec![0; bytes];
    getrandom::fill(&mut all).expect("this system has random numbers");
    all.iter().map(|b| format!("{b:02x}")).collect()
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let different = a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y));
    a.len() == b.len() && std::hint::black_box(different) == 0
}

/// What is kept of a password: its argon2 hash, a line of text.
///
/// # Errors
/// The password is too short.
pub fn hash_password(password: &str) -> Result<String, String> {
    if password.chars().count() < 10 {
        return Err(tr!("at least 10 characters are wanted", "il faut au moins 10 caractères"));
    }
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| e.to_string())
}

impl Access {
    /// Reads the password's hash from a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no argon2 hash.
    pub fn read(origin: Option<String>, password: Option<&Path>) -> Result<Access, Fault> {
        let Some(path) = password else { return Ok(Access { origin, password: None }) };
        let at = |message| Fault { file: Some(path.display().to_string()), ..Fault::new("", message) };
        let text =
            std::fs::read_to_string(path).map_err(|e| at(tr!("cannot be read: {e}", "lecture impossible : {e}")))?;
        let hash = text.trim().to_string();
        if PasswordHash::new(&hash).is_err() {
            return Err(at(tr!(
                "holds no argon2 hash; make it with oraux serve --hash-password",
                "ne contient pas d'empreinte argon2 ; produisez-la avec oraux serve --hash-password"
            )));
        }
        Ok(Access { origin, password: Some(hash) })
    }

    /// Whether the planning room may listen there.
    ///
    /// # Errors
    /// Beyond this machine without a password, or without a proxy that does TLS.
    pub(crate) fn allows(&self, listen: IpAddr) -> Result<(), Fault> {
        if let Some(origin) = &self.origin {
            let host = origin.strip_prefix("https://").filter(|host| {
                !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
            });
            if host.is_none() {
                return Err(Fault::new(
                    "--origin",
                    tr!(
                        "an address such as https://oraux.example.fr is wanted, without a path",
                        "il faut une adresse comme https://oraux.example.fr, sans chemin"
                    ),
                ));
            }
        }
        if (!listen.is_loopback() || self.origin.is_some()) && (self.password.is_none() || self.origin.is_none()) {
            return Err(Fault::new(
                "--listen",
                tr!(
                    "beyond this machine a password (--password-file) and a proxy in front that does TLS (--origin https://...) are \
                     both needed: candidates' data would go over the network as they are",
                    "au-delà de cette machine, il faut un mot de passe (--password-file) et un serveur frontal qui chiffre \
                     (--origin https://…) : sinon les données des candidats passeraient en clair sur le réseau"
                ),
            ));
        }
        Ok(())
    }

    /// Whether this is the password; never, where there is none.
    pub(crate) fn knows(&self, password: &str) -> bool {
        let hash = self.password.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
        hash.is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    }
}
