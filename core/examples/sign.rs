//! Prints credentials for one request. The keys are in the environment. The argument is the salt; without one, a fresh
//! salt is used.

use std::env;
use std::error::Error;

use kayako_sign_core::{Salt, Signer};

fn main() -> Result<(), Box<dyn Error>> {
    let signer = Signer::new(&env::var("KAYAKO_API_KEY")?, env::var("KAYAKO_SECRET_KEY")?)?;
    let given = env::args().nth(1);
    let salt = match &given {
        Some(salt) => Salt::new(salt)?,
        None => Salt::random()?,
    };
    println!("{}", signer.credentials_with_salt(salt).to_query());
    Ok(())
}
