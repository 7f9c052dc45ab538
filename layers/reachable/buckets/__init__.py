"""S3: one module a bucket, the only places that know what lies where in it."""
