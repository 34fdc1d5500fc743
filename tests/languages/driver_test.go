package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// TestMain runs calls of the example for Go: each line of standard input is a call, and each line of standard output its answer.
func TestMain(*testing.M) {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return
		}
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		values := make([][]byte, 4)
		for i, field := range fields[1:] {
			if values[i], err = hex.DecodeString(field); err != nil {
				panic(err)
			}
		}
		answer, err := call(fields[0], values[0], values[1], values[2], values[3])
		var status int32
		if refused, is := err.(Error); is {
			status, answer = int32(refused), refused.Error()
		} else if err != nil {
			panic(err)
		}
		fmt.Printf("%d\t%x\n", status, answer)
	}
}

func call(operation string, apiKey, secretKey, input, signature []byte) (string, error) {
	signer, err := NewSigner(apiKey, secretKey)
	if err != nil {
		return "", err
	}
	defer signer.Close()
	switch operation {
	case "sign":
		return signer.Sign(input)
	case "credentials":
		return signer.Credentials()
	case "sign_url":
		return signer.SignURL(string(input))
	default:
		return fmt.Sprint(signer.Verify(input, signature)), nil
	}
}
