package main

import (
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"
)

// What Argo CD opens for a health script, without its limited `os`: a script that needs more would fail there too.
var libraries = []struct {
	name string
	open lua.LGFunction
}{
	{lua.BaseLibName, lua.OpenBase},
	{lua.TabLibName, lua.OpenTable},
	{lua.StringLibName, lua.OpenString},
	{lua.MathLibName, lua.OpenMath},
}

// judgeByLua runs a health script as Argo CD does: in gopher-lua, with the object as `obj`, the verdict as what it returns.
func judgeByLua(path string) (func(object) (verdict, error), error) {
	script, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return func(found object) (verdict, error) { return runScript(string(script), found) }, nil
}

func runScript(script string, found object) (verdict, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range libraries {
		state.Push(state.NewFunction(library.open))
		state.Push(lua.LString(library.name))
		state.Call(1, 0)
	}
	state.SetGlobal("obj", toLua(state, found))
	if err := state.DoString(script); err != nil {
		return verdict{}, err
	}
	answer, isTable := state.Get(-1).(*lua.LTable)
	if !isTable {
		return verdict{}, fmt.Errorf("the script returned %s, not a table", state.Get(-1).Type())
	}
	return verdict{Status: textOf(answer, "status"), Message: textOf(answer, "message")}, nil
}

func textOf(answer *lua.LTable, member string) string {
	if text, isText := answer.RawGetString(member).(lua.LString); isText {
		return string(text)
	}
	return ""
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch typed := value.(type) {
	case object:
		table := state.NewTable()
		for name, member := range typed {
			table.RawSetString(name, toLua(state, member))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, item := range typed {
			table.Append(toLua(state, item))
		}
		return table
	case string:
		return lua.LString(typed)
	case float64:
		return lua.LNumber(typed)
	case bool:
		return lua.LBool(typed)
	default:
		return lua.LNil
	}
}
