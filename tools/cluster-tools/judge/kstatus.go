package main

import (
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// judgeByKstatus says what Flux and `helm --wait` take the object for.
func judgeByKstatus(found object) (verdict, error) {
	result, err := status.Compute(&unstructured.Unstructured{Object: withIntegers(found).(object)})
	if err != nil {
		return verdict{}, err
	}
	return verdict{Status: result.Status.String(), Message: result.Message}, nil
}

// withIntegers makes whole numbers what the Kubernetes libraries expect them to be; plain JSON decoding makes floats.
func withIntegers(value any) any {
	switch typed := value.(type) {
	case object:
		for name, member := range typed {
			typed[name] = withIntegers(member)
		}
		return typed
	case []any:
		for index, item := range typed {
			typed[index] = withIntegers(item)
		}
		return typed
	case float64:
		if whole := int64(typed); float64(whole) == typed {
			return whole
		}
		return typed
	default:
		return value
	}
}
