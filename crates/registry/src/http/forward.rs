//! Plain requests through a proxy: the proxy is asked for the whole URL (RFC 9112, 3.2.2).
//!
//! The HTTP library only knows tunnels, which many proxies open to the port of TLS alone. Here it
//! talks to the proxy as if that were the server, and its request line is completed on the way.

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, TcpConnector, Transport,
};

/// Connects to a proxy that is to forward one request to `origin` (`http://HOST`).
#[derive(Debug)]
pub struct Forwarder {
    pub origin: String,
}

impl Connector for Forwarder {
    type Out = Forwarding;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Forwarding>, Error> {
        let made = TcpConnector::default().connect(details, chained)?;
        let origin = Some(self.origin.clone());
        Ok(made.map(|inner| Forwarding { inner: Box::new(inner), origin }))
    }
}

/// A connection that carries one request.
#[derive(Debug)]
pub struct Forwarding {
    inner: Box<dyn Transport>,
    origin: Option<String>,
}

impl Transport for Forwarding {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let Some(origin) = self.origin.take() else {
            return self.inner.transmit_output(amount, timeout);
        };
        let output = self.inner.buffers().output();
        let target = output.iter().take(amount).position(|byte| *byte == b' ');
        let (Some(target), true) = (target, output.len() >= amount + origin.len()) else {
            let long = std::io::Error::other("the request is too long for a proxy");
            return Err(long.into());
        };
        let after = target + 1 + origin.len();
        output.copy_within(target + 1..amount, after);
        output[target + 1..after].copy_from_slice(origin.as_bytes());
        self.inner.transmit_output(amount + origin.len(), timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        // One request each: the next one may be for another server.
        false
    }
}
