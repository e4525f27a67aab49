"""What buyers say about products: written by those who received them, read by the clinic before anybody else."""
