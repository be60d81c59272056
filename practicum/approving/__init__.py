"""What leaders are asked by mail, and answer by a link without an account: about places, and about applications."""
