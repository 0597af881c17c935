// Checks the chart without a cluster, and without helm, which takes minutes to build:
//
//	tools render CHART RELEASE [VALUES...]   prints the manifests; values are checked against the chart's schema
//	tools unittest CHART                     runs helm-unittest's suites in CHART/tests
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/helm-unittest/helm-unittest/pkg/unittest"
	"github.com/helm-unittest/helm-unittest/pkg/unittest/printer"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

func main() {
	if len(os.Args) >= 4 && os.Args[1] == "render" {
		if err := render(os.Args[2], os.Args[3], os.Args[4:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	} else if len(os.Args) == 3 && os.Args[1] == "unittest" {
		runner := unittest.TestRunner{
			Printer:   printer.NewPrinter(os.Stdout, nil),
			TestFiles: []string{filepath.Join("tests", "*_test.yaml")},
			Strict:    true,
		}
		if !runner.RunV3([]string{os.Args[2]}) {
			os.Exit(1)
		}
	} else {
		fmt.Fprintln(os.Stderr, "usage: tools render CHART RELEASE [VALUES...] | tools unittest CHART")
		os.Exit(2)
	}
}

// Renders the chart as an installation would; later files of values count more.
func render(directory string, release string, files []string) error {
	chart, err := loader.Load(directory)
	if err != nil {
		return err
	}
	values := map[string]interface{}{}
	for _, file := range files {
		more, err := chartutil.ReadValuesFile(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		values = chartutil.MergeTables(more, values)
	}
	options := chartutil.ReleaseOptions{Name: release, Namespace: "default", IsInstall: true, Revision: 1}
	all, err := chartutil.ToRenderValues(chart, values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return err
	}
	rendered, err := engine.Render(chart, all)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if filepath.Ext(name) == ".yaml" && strings.TrimSpace(rendered[name]) != "" {
			fmt.Printf("---\n# Source: %s\n%s\n", name, rendered[name])
		}
	}
	return nil
}
