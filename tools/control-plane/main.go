// One binary for the whole throw-away control plane: the first argument chooses the program, the rest are its own.
package main

import (
	"fmt"
	"io"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

const usage = "usage: control-plane etcd|kube-apiserver|kube-controller-manager|kubectl [arguments]"

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	os.Args = os.Args[1:]
	if os.Getenv("CONTROL_PLANE_EXIT_ON_STDIN_END") == "true" {
		go exitOnStdinEnd()
	}
	switch os.Args[0] {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllers.NewControllerManagerCommand()))
	case "kubectl":
		// CheckErr prints the error as kubectl does and exits with kubectl's code; without an error it returns.
		cmdutil.CheckErr(cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()))
	default:
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
}

// The other end of stdin is held by whoever started the server. The kernel closes it even when the holder is killed
// outright, so a test run that ends in no orderly way still leaves no server behind, on every operating system alike.
func exitOnStdinEnd() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
