// Signs requests for Kayako Classic through libkayako_sign, by cgo.
//
//	KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... go run kayako_sign.go
package main

/*
#cgo pkg-config: kayako_sign
#include <kayako_sign.h>
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// Error is an error of the library: its status.
type Error int32

func (e Error) Error() string { return C.GoString(C.kayako_status_message(C.int32_t(e))) }

func check(status C.kayako_status) error {
	if status == C.KAYAKO_OK {
		return nil
	}
	return Error(status)
}

// Signer signs with an API key and a secret key. Goroutines may share one. Close it after the last call.
type Signer struct {
	handle *C.kayako_signer
	room   int
}

// NewSigner makes a signer. It copies the keys, so wipe your own.
func NewSigner(apiKey, secretKey []byte) (*Signer, error) {
	s := new(Signer)
	err := check(C.kayako_signer_new(chars(apiKey), size(apiKey), chars(secretKey), size(secretKey), &s.handle))
	if err != nil {
		return nil, err
	}
	s.room = int(C.kayako_signer_insertion_max(s.handle))
	runtime.SetFinalizer(s, (*Signer).Close)
	return s, nil
}

// Close wipes the keys. It may be called more than once.
func (s *Signer) Close() {
	C.kayako_signer_free(s.handle)
	s.handle = nil
	runtime.SetFinalizer(s, nil)
}

// Sign returns the signature of a salt, as base64.
func (s *Signer) Sign(salt []byte) (string, error) {
	out, length := buffer(C.KAYAKO_SIGNATURE_LEN)
	status := C.kayako_signer_sign(s.handle, unsafe.Pointer(chars(salt)), size(salt), chars(out), size(out), length)
	runtime.KeepAlive(s)
	return string(out[:*length]), check(status)
}

// Credentials returns apikey=...&salt=...&signature=... with a fresh salt, for one request.
func (s *Signer) Credentials() (string, error) {
	out, length := buffer(s.room)
	status := C.kayako_signer_credentials(s.handle, chars(out), size(out), length)
	runtime.KeepAlive(s)
	return string(out[:*length]), check(status)
}

// SignURL returns the URL of a GET or DELETE request with credentials in it, for one request.
func (s *Signer) SignURL(url string) (string, error) {
	in := []byte(url)
	out, length := buffer(len(in) + s.room)
	status := C.kayako_signer_sign_url(s.handle, chars(in), size(in), chars(out), size(out), length)
	runtime.KeepAlive(s)
	return string(out[:*length]), check(status)
}

// Verify reports whether a signature is that of a salt. It reports false for any error, too.
func (s *Signer) Verify(salt, signature []byte) bool {
	in := unsafe.Pointer(chars(salt))
	status := C.kayako_signer_verify(s.handle, in, size(salt), chars(signature), size(signature))
	runtime.KeepAlive(s)
	return status == C.KAYAKO_OK
}

func buffer(limit int) ([]byte, *C.size_t) { return make([]byte, limit+1), new(C.size_t) }

func size(octets []byte) C.size_t { return C.size_t(len(octets)) }

func chars(octets []byte) *C.char {
	if len(octets) == 0 {
		return nil
	}
	return (*C.char)(unsafe.Pointer(&octets[0]))
}

func main() {
	signer, err := NewSigner([]byte(os.Getenv("KAYAKO_API_KEY")), []byte(os.Getenv("KAYAKO_SECRET_KEY")))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer signer.Close()
	salt := []byte("1234567890")
	signature, _ := signer.Sign(salt)
	credentials, _ := signer.Credentials()
	url, _ := signer.SignURL("https://help.example.com/api/index.php?/Base/User/1")
	_, refused := signer.Sign(nil)
	fmt.Printf("signature: %s\ncredentials: %s\nURL: %s\n", signature, credentials, url)
	fmt.Printf("verified: %t\nerror: %s\n", signer.Verify(salt, []byte(signature)), refused)
}
