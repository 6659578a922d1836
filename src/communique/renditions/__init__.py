"""The ways to show releases. Each module is one; `communique.plan` holds the table of them."""
