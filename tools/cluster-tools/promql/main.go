// Range queries over scrapes, by the engine of Prometheus itself: for pictures of what a dashboard shows, without a
// Prometheus. A request comes as JSON on stdin, the series of each query go as JSON to stdout.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// request times are in milliseconds, those of the scrapes since 1970.
type request struct {
	Scrapes []scrape `json:"scrapes"`
	Queries []string `json:"queries"`
	Start   int64    `json:"start"`
	End     int64    `json:"end"`
	Step    int64    `json:"step"`
}

// scrape is what one target answered, with the labels that Prometheus gives its series.
type scrape struct {
	At     int64             `json:"at"`
	Labels map[string]string `json:"labels"`
	Text   string            `json:"text"`
}

type series struct {
	Labels map[string]string `json:"labels"`
	// Points are pairs of time and value; what is no number is left out.
	Points [][2]float64 `json:"points"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) (err error) {
	var asked request
	if err := json.NewDecoder(in).Decode(&asked); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	folder, err := os.MkdirTemp("", "ecs-operator-promql-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	db, err := tsdb.Open(folder, nil, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		return fmt.Errorf("opening a database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for index, found := range asked.Scrapes {
		if err := found.appendTo(db); err != nil {
			return fmt.Errorf("scrape %d: %w", index, err)
		}
	}
	answers, err := asked.answer(db)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(answers)
}

func (s scrape) appendTo(db *tsdb.DB) error {
	parsed := textparse.NewPromParser([]byte(s.Text), labels.NewSymbolTable(), false)
	appender := db.Appender(context.Background())
	for {
		entry, err := parsed.Next()
		if errors.Is(err, io.EOF) {
			return appender.Commit()
		}
		if err != nil {
			return errors.Join(err, appender.Rollback())
		}
		if entry != textparse.EntrySeries {
			continue
		}
		_, _, value := parsed.Series()
		if _, err := appender.Append(0, s.labelsOf(parsed), s.At, value); err != nil {
			return errors.Join(err, appender.Rollback())
		}
	}
}

func (s scrape) labelsOf(parsed textparse.Parser) labels.Labels {
	var own labels.Labels
	parsed.Labels(&own)
	builder := labels.NewBuilder(own)
	for name, value := range s.Labels {
		builder.Set(name, value)
	}
	return builder.Labels()
}

func (r request) answer(db storage.Queryable) ([][]series, error) {
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 50_000_000,
		Timeout:    time.Minute,
		Parser:     parser.NewParser(parser.Options{}),
	})
	answers := make([][]series, 0, len(r.Queries))
	for _, text := range r.Queries {
		found, err := r.ask(engine, db, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		answers = append(answers, found)
	}
	return answers, nil
}

func (r request) ask(engine *promql.Engine, db storage.Queryable, text string) ([]series, error) {
	ctx := context.Background()
	step := time.Duration(r.Step) * time.Millisecond
	query, err := engine.NewRangeQuery(ctx, db, nil, text, time.UnixMilli(r.Start), time.UnixMilli(r.End), step)
	if err != nil {
		return nil, err
	}
	defer query.Close()
	matrix, err := query.Exec(ctx).Matrix()
	if err != nil {
		return nil, err
	}
	found := make([]series, 0, len(matrix))
	for _, each := range matrix {
		found = append(found, series{Labels: each.Metric.Map(), Points: pointsOf(each)})
	}
	return found, nil
}

func pointsOf(each promql.Series) [][2]float64 {
	points := make([][2]float64, 0, len(each.Floats))
	for _, point := range each.Floats {
		// JSON has no word for NaN, nor for the infinite.
		if point.F-point.F == 0 {
			points = append(points, [2]float64{float64(point.T), point.F})
		}
	}
	return points
}
