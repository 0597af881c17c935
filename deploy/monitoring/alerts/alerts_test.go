// Package alerts plays series of figures to Prometheus' engine and looks which alerts fire: the cases of cases.yaml, which are written as
// promtool's unit tests are. promtool itself takes much longer to build.
package alerts

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/promqltest"
	"go.yaml.in/yaml/v3"
)

type testCase struct {
	Name   string        `yaml:"name"`
	Every  time.Duration `yaml:"interval"`
	Series []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Alerts []struct {
		At   time.Duration `yaml:"eval_time"`
		Name string        `yaml:"alertname"`
		// The labels that name what is wrong, such as {service: room}; none if the alert must not fire.
		Expected []struct {
			Labels map[string]string `yaml:"exp_labels"`
		} `yaml:"exp_alerts"`
	} `yaml:"alert_rule_test"`
}

// Each alert fires in some case, and only when it should.
func TestAlerts(t *testing.T) {
	rules := map[string]rulefmt.Rule{}
	groups, failures := rulefmt.ParseFile("../alerts.yaml", false)
	if len(failures) > 0 {
		t.Fatal(failures)
	}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			rules[rule.Alert] = rule
		}
	}
	text, err := os.ReadFile("cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Tests []testCase `yaml:"tests"`
	}
	if err := yaml.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	fired := map[string]bool{}
	for _, one := range cases.Tests {
		t.Run(one.Name, func(t *testing.T) {
			for _, name := range play(t, one, rules) {
				fired[name] = true
			}
		})
	}
	for name := range rules {
		if !fired[name] {
			t.Errorf("no case makes %s fire", name)
		}
	}
}

// Plays a case and returns the alerts that fired as expected.
func play(t *testing.T, one testCase, rules map[string]rulefmt.Rule) []string {
	var load strings.Builder
	fmt.Fprintf(&load, "load %s\n", one.Every)
	for _, series := range one.Series {
		fmt.Fprintf(&load, "  %s %s\n", series.Series, series.Values)
	}
	storage := promqltest.LoadedStorage(t, load.String())
	defer storage.Close()
	engine := promqltest.NewTestEngine(t, false, 0, promqltest.DefaultMaxSamplesPerQuery)
	holds := func(expression string, at time.Duration) promql.Vector {
		query, err := engine.NewInstantQuery(context.Background(), storage, nil, expression, time.Unix(0, 0).UTC().Add(at))
		if err != nil {
			t.Fatal(err)
		}
		defer query.Close()
		found, err := query.Exec(context.Background()).Vector()
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(found)
	}
	var fired []string
	for _, check := range one.Alerts {
		rule, known := rules[check.Name]
		if !known {
			t.Fatalf("there is no alert %s", check.Name)
		}
		// What holds now and has held at every step of the time that the alert waits.
		found := map[string]map[string]string{}
		for _, sample := range holds(rule.Expr, check.At) {
			found[sample.Metric.String()] = sample.Metric.Map()
		}
		for ago := one.Every; ago <= time.Duration(rule.For); ago += one.Every {
			before := map[string]bool{}
			for _, sample := range holds(rule.Expr, check.At-ago) {
				before[sample.Metric.String()] = true
			}
			for key := range found {
				if !before[key] {
					delete(found, key)
				}
			}
		}
		if len(found) != len(check.Expected) {
			t.Errorf("%s at %s: %d fire, not %d: %v", check.Name, check.At, len(found), len(check.Expected), found)
			continue
		}
		for _, expected := range check.Expected {
			if !anyHas(found, expected.Labels) {
				t.Errorf("%s at %s: none has %v: %v", check.Name, check.At, expected.Labels, found)
			}
			fired = append(fired, check.Name)
		}
	}
	return fired
}

func anyHas(found map[string]map[string]string, labels map[string]string) bool {
	for _, has := range found {
		matches := true
		for name, value := range labels {
			matches = matches && has[name] == value
		}
		if matches {
			return true
		}
	}
	return false
}
