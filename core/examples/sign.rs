//! Prints credentials for one request. The keys come from the environment, the salt, if it is not to be a fresh one,
//! from the command line.

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
