//! Which Discord we talk to: Discord itself, or another base address (the rehearsal, a rate-limiting proxy).
//!
//! Owns the rule that a token goes to a foreign address only on this machine, or where its owner said that it is
//! trusted. Must never fall back to Discord when another address was asked for.

use std::net::IpAddr;

use reqwest::Url;

const DISCORD: &str = "https://discord.com";

/// Where REST requests go, and what gateway addresses are acceptable from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAddress {
    /// Without a slash at the end.
    base: String,
    discord: bool,
    trusted: bool,
}

impl ApiAddress {
    /// Reads `DUET_DISCORD_API`; nothing or blank means Discord itself. Any other address must be loopback unless
    /// `trusted` (`DUET_DISCORD_API_TRUSTED=1`). The error is a sentence for the one who configures.
    pub fn parse(text: Option<&str>, trusted: bool) -> Result<Self, String> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::discord());
        };
        // The address itself is not repeated in errors: somebody may have put a secret into it.
        let url = Url::parse(text).map_err(|error| format!("DUET_DISCORD_API is not an address: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("DUET_DISCORD_API must begin with http:// or https://".into());
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err("DUET_DISCORD_API takes a scheme, a host, a port and at most a path; no user, query or fragment".into());
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        if base == DISCORD {
            return Ok(Self::discord());
        }
        if !trusted && !is_loopback(&url) {
            return Err("DUET_DISCORD_API is not on this machine, and the bot's token would be sent there; \
                        use a loopback address, or set DUET_DISCORD_API_TRUSTED=1 if you run it yourself"
                .into());
        }
        Ok(Self { base, discord: false, trusted })
    }

    /// Discord itself.
    pub fn discord() -> Self {
        Self { base: DISCORD.into(), discord: true, trusted: true }
    }

    /// The base of REST version 10, without a slash at the end.
    pub fn rest_base(&self) -> String {
        format!("{}/api/v10", self.base)
    }

    /// The address as configured, for keying stored sessions and for messages.
    pub fn as_str(&self) -> &str {
        &self.base
    }

    pub fn is_discord(&self) -> bool {
        self.discord
    }

    /// Whether the gateway and resume addresses that it names must be loopback too.
    pub fn demands_loopback(&self) -> bool {
        !self.discord && !self.trusted
    }

    /// Whether the token may go to this gateway or resume address, which came from the other side. Discord's own must
    /// be encrypted.
    pub fn permits_gateway(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else {
            return false;
        };
        let encrypted = url.scheme() == "wss";
        if !(encrypted || url.scheme() == "ws") || url.host_str().is_none() {
            return false;
        }
        if self.discord { encrypted } else { self.trusted || is_loopback(&url) }
    }
}

/// 127.0.0.0/8, `[::1]` or `localhost`.
fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_configured_means_discord() {
        for text in [None, Some(""), Some("  "), Some("https://discord.com/")] {
            let address = ApiAddress::parse(text, false).unwrap();
            assert!(address.is_discord() && !address.demands_loopback());
            assert_eq!(address.rest_base(), "https://discord.com/api/v10");
        }
    }

    #[test]
    fn an_untrusted_address_is_loopback_or_refused() {
        for text in ["http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:1/", "http://localhost:3000", "http://2130706433"]
        {
            let address = ApiAddress::parse(Some(text), false).expect(text);
            assert!(!address.is_discord() && address.demands_loopback());
        }
        for text in [
            "http://192.168.0.1",
            "https://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0:1",
            "http://127.0.0.1@example.com",
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "http://127.0.0.1/?a=b",
        ] {
            assert!(ApiAddress::parse(Some(text), false).is_err(), "{text}");
        }
        let proxy = ApiAddress::parse(Some("http://proxy.internal:8080/base/"), true).unwrap();
        assert_eq!(proxy.rest_base(), "http://proxy.internal:8080/base/api/v10");
        assert!(!proxy.demands_loopback());
    }

    #[test]
    fn a_loopback_api_cannot_send_the_token_elsewhere() {
        let address = ApiAddress::parse(Some("http://127.0.0.1:8080"), false).unwrap();
        assert!(address.permits_gateway("ws://127.0.0.1:9000"));
        assert!(!address.permits_gateway("wss://gateway.discord.gg"));
        assert!(!address.permits_gateway("http://127.0.0.1:9000"));
        assert!(!address.permits_gateway("not an address"));
        let trusted = ApiAddress::parse(Some("http://127.0.0.1:8080"), true).unwrap();
        assert!(trusted.permits_gateway("wss://gateway.discord.gg"));
        assert!(ApiAddress::discord().permits_gateway("wss://gateway-us-east1-b.discord.gg"));
        assert!(!ApiAddress::discord().permits_gateway("ws://gateway.discord.gg"));
    }
}
