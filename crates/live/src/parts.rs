//! The parts of a control plane: what each is started with. It starts none.

use std::path::Path;
use std::process::Command;

/// Where the parts find each other.
pub struct Addresses {
    /// Where etcd listens to clients.
    pub etcd: u16,
    /// Where etcd listens to its like.
    pub peers: u16,
    /// Where the API server listens.
    pub server: u16,
}

/// What all of it is about: the directory with keys, settings and data.
pub struct Place<'a> {
    /// The directory.
    pub directory: &'a Path,
    /// The ports.
    pub addresses: &'a Addresses,
}

impl Place<'_> {
    fn file(&self, name: &str) -> String {
        self.directory.join(name).to_string_lossy().into_owned()
    }

    /// etcd, which does not wait for the disk.
    pub fn etcd(&self, program: &Path) -> Command {
        let clients = format!("http://127.0.0.1:{}", self.addresses.etcd);
        let peers = format!("http://127.0.0.1:{}", self.addresses.peers);
        let mut command = self.command(program);
        command
            .args(["--data-dir", &self.file("etcd"), "--unsafe-no-fsync", "--log-level", "warn"])
            .args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients])
            .args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers])
            .args(["--initial-cluster", &format!("default={peers}")]);
        command
    }

    /// The API server; it makes its own certificate.
    pub fn server(&self, program: &Path) -> Command {
        let mut command = self.command(program);
        command
            .args(["--etcd-servers", &format!("http://127.0.0.1:{}", self.addresses.etcd)])
            .args(["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1"])
            .args(["--secure-port", &self.addresses.server.to_string()])
            .args(["--cert-dir", &self.file("certificates")])
            .args(["--service-cluster-ip-range", "10.0.0.0/16"])
            .args(["--service-account-issuer", "https://kubernetes.default.svc"])
            .args(["--service-account-signing-key-file", &self.file("service-accounts.pem")])
            .args(["--service-account-key-file", &self.file("service-accounts.pub")])
            .args(["--token-auth-file", &self.file("tokens.csv")])
            .args(["--authorization-mode", "RBAC"]);
        command
    }

    /// The controllers of Kubernetes' own kinds.
    pub fn controllers(&self, program: &Path) -> Command {
        let mut command = self.command(program);
        command
            .args(["--kubeconfig", &self.file("kubeconfig"), "--leader-elect=false"])
            .args(["--service-account-private-key-file", &self.file("service-accounts.pem")])
            .args(["--root-ca-file", &self.file("certificates/apiserver.crt")])
            .args(["--use-service-account-credentials=false", "--secure-port", "0"]);
        command
    }

    /// The scheduler, without which no pod gets a node.
    pub fn scheduler(&self, program: &Path) -> Command {
        let mut command = self.command(program);
        command
            .args(["--kubeconfig", &self.file("kubeconfig"), "--leader-elect=false"])
            .args(["--secure-port", "0"]);
        command
    }

    /// What plays the nodes.
    pub fn nodes(&self, program: &Path) -> Command {
        let mut command = self.command(program);
        command
            .args(["--kubeconfig", &self.file("kubeconfig"), "--config", &self.file("stages.yaml")])
            .args(["--manage-all-nodes=true", "--node-ip", "127.0.0.1", "--cidr", "10.1.0.1/16"])
            .args(["--node-lease-duration-seconds", "40"]);
        command
    }

    /// A program that sees nothing of our environment.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("HOME", self.directory).current_dir(self.directory);
        command
    }
}
