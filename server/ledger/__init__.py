"""Points and money: accounts, transfers, wallets that add up."""
