//! What has to be written anew for another name.
