//! Prints a URL with credentials in it, for one GET or DELETE request. The keys are in the environment. The argument is
//! the URL, for example `https://help.example.com/api/index.php?/Base/User/1`.

use std::env;
use std::error::Error;

use kayako_sign_core::Signer;

fn main() -> Result<(), Box<dyn Error>> {
    let signer = Signer::new(&env::var("KAYAKO_API_KEY")?, env::var("KAYAKO_SECRET_KEY")?)?;
    let url = env::args().nth(1).ok_or("the argument must be a URL")?;
    println!("{}", signer.sign_url(&url)?);
    Ok(())
}
