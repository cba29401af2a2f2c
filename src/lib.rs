//! Credentials for AWS IAM Identity Center.
