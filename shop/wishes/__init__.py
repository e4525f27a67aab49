"""What somebody means to buy later: the list of wishes, and one reminder of a bag that was left."""
