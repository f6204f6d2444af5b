// Judges of what the project makes, each with the library that decides in the field: kstatus for Flux and Helm, Lua as
// Argo CD runs it. The first argument chooses; objects come as a JSON list on stdin, verdicts go as one to stdout.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

const usage = "usage: judge kstatus | judge lua-health <script>, with a JSON list of objects on stdin"

type object = map[string]any

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	judge, err := chooseJudge(args)
	if err != nil {
		return err
	}
	var objects []object
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		return fmt.Errorf("reading the objects: %w", err)
	}
	verdicts := make([]verdict, 0, len(objects))
	for index, found := range objects {
		judged, err := judge(found)
		if err != nil {
			return fmt.Errorf("object %d: %w", index, err)
		}
		verdicts = append(verdicts, judged)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}

func chooseJudge(args []string) (func(object) (verdict, error), error) {
	switch {
	case len(args) == 1 && args[0] == "kstatus":
		return judgeByKstatus, nil
	case len(args) == 2 && args[0] == "lua-health":
		return judgeByLua(args[1])
	default:
		return nil, errors.New(usage)
	}
}
