//go:build tools

package main

// So that go.mod keeps it: deploy/helm/test builds its command.
import _ "github.com/yannh/kubeconform/cmd/kubeconform"
