//! Prints an address with credentials in it, for one GET or DELETE request. The keys come from the environment, the
//! address, such as `https://help.example.com/api/index.php?/Base/User/1`, from the command line.

use std::env;
use std::error::Error;

use kayako_sign_core::Signer;

fn main() -> Result<(), Box<dyn Error>> {
    let signer = Signer::new(&env::var("KAYAKO_API_KEY")?, env::var("KAYAKO_SECRET_KEY")?)?;
    let url = env::args().nth(1).ok_or("name an address")?;
    println!("{}", signer.sign_url(&url)?);
    Ok(())
}
