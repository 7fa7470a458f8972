// A mail server for tests: it takes mail from whoever knows the password, and prints each message
// as a line of JSON. It sends nothing on.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

type message struct {
	From string   `json:"from"`
	To   []string `json:"to"`
	Text string   `json:"text"`
}

type session struct {
	user, password string
	isKnown        bool
	mail           message
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.user || password != s.password {
			return smtp.ErrAuthFailed
		}
		s.isKnown = true
		return nil
	}
	if mechanism == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.isKnown {
		return smtp.ErrAuthRequired
	}
	s.mail = message{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *session) Data(text io.Reader) error {
	all, err := io.ReadAll(text)
	if err != nil {
		return err
	}
	s.mail.Text = string(all)
	return json.NewEncoder(os.Stdout).Encode(s.mail)
}

func (s *session) Reset()        { s.mail = message{} }
func (s *session) Logout() error { return nil }

// login is the mechanism LOGIN, which many applications use: a name, then a password.
type login struct {
	check func(user, password string) error
	user  *string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check(*l.user, string(response))
	}
}

// certificate makes one for a host, and writes it for those who are to trust it.
func certificate(host, path string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	made, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})
	return tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key}, os.WriteFile(path, text, 0o644)
}

func main() {
	address := flag.String("address", "127.0.0.1:2525", "where it listens")
	host := flag.String("host", "localhost", "its name, and that of its certificate")
	user := flag.String("user", "", "who may send; the password is in SMTP_PASSWORD")
	security := flag.String("security", "none", "none, starttls or tls")
	path := flag.String("certificate", "", "the file that the certificate is written to")
	flag.Parse()
	backend := smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{user: *user, password: os.Getenv("SMTP_PASSWORD")}, nil
	})
	server := smtp.NewServer(backend)
	server.Domain = *host
	// Without encryption passwords pass as they are; with STARTTLS, only after it.
	server.AllowInsecureAuth = *security == "none"
	if *security != "none" {
		made, err := certificate(*host, *path)
		if err != nil {
			log.Fatal(err)
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{made}}
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	if *security == "tls" {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	fmt.Fprintln(os.Stderr, "listening on", *address)
	log.Fatal(server.Serve(listener))
}
