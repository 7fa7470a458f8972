//! Where charts come from: chart repositories, OCI registries, logins, the content cache.
