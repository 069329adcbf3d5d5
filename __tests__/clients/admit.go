// Admits pods by the policies of a file as the API server of Kubernetes does: with its compiler, and by its patches.
// Reads {"policies": YAML, "reviews": [{"object": pod, "oldObject": pod or null}]}; writes {"errors": [], "objects": []}.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"sigs.k8s.io/yaml"
)

type input struct {
	Policies string
	Reviews  []struct {
		Resource  string
		Operation admission.Operation
		Object    map[string]any
		OldObject map[string]any
	}
}

type output struct {
	Errors  []string         `json:"errors"`
	Objects []map[string]any `json:"objects"`
}

func main() {
	var in input
	out := output{Errors: []string{}, Objects: []map[string]any{}}
	fail(json.NewDecoder(os.Stdin).Decode(&in))
	var policies []admissionregistration.MutatingAdmissionPolicy
	for _, document := range strings.Split(in.Policies, "\n---\n") {
		var kind struct{ Kind string }
		fail(yaml.Unmarshal([]byte(document), &kind))
		var policy admissionregistration.MutatingAdmissionPolicy
		switch kind.Kind {
		case "MutatingAdmissionPolicy":
			fail(yaml.UnmarshalStrict([]byte(document), &policy))
			policies = append(policies, policy)
		case "MutatingAdmissionPolicyBinding":
			fail(yaml.UnmarshalStrict([]byte(document), &admissionregistration.MutatingAdmissionPolicyBinding{}))
		case "MutatingPolicy":
			// Kyverno's own type has the same fields, and some more.
			fail(yaml.Unmarshal([]byte(document), &policy))
			policies = append(policies, policy)
		default:
			fail(fmt.Errorf("unknown kind %s", kind.Kind))
		}
	}
	for _, review := range in.Reviews {
		object := review.Object
		for _, policy := range policies {
			rule := policy.Spec.MatchConstraints.ResourceRules[0]
			if rule.Resources[0] != review.Resource || string(rule.Operations[0]) != string(review.Operation) {
				continue
			}
			admitted, err := admit(policy, review.Operation, object, review.OldObject)
			if err != nil {
				out.Errors = append(out.Errors, err.Error())
				continue
			}
			object = admitted
		}
		out.Objects = append(out.Objects, object)
	}
	fail(json.NewEncoder(os.Stdout).Encode(out))
}

func admit(policy admissionregistration.MutatingAdmissionPolicy, operation admission.Operation, object, old map[string]any) (map[string]any, error) {
	options := cel.OptionalVariableDeclarations{}
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	fail(err)
	var variables []cel.NamedExpressionAccessor
	for _, variable := range policy.Spec.Variables {
		variables = append(variables, &validating.Variable{Name: variable.Name, Expression: variable.Expression})
	}
	compiler.CompileAndStoreVariables(variables, options, environment.StoredExpressions)
	ctx := compiler.CreateContext(context.Background())
	options.HasPatchTypes = true
	gvk := core.SchemeGroupVersion.WithKind("Pod")
	gvr := core.SchemeGroupVersion.WithResource("pods")
	scheme := runtime.NewScheme()
	fail(core.AddToScheme(scheme))
	current := runtime.Object(&unstructured.Unstructured{Object: object})
	var before runtime.Object
	if old != nil {
		before = &unstructured.Unstructured{Object: old}
	}
	for _, mutation := range policy.Spec.Mutations {
		condition := &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}
		patcher := patch.NewJSONPatcher(compiler.CompileMutatingEvaluator(condition, options, environment.StoredExpressions))
		attributes := admission.NewAttributesRecord(current, before, gvk, "default", "pod", gvr, "", operation, nil, false, nil)
		current, err = patcher.Patch(ctx, patch.Request{
			MatchedResource: gvr,
			VersionedAttributes: &admission.VersionedAttributes{
				Attributes: attributes, VersionedKind: gvk, VersionedObject: current, VersionedOldObject: before,
			},
			ObjectInterfaces: admission.NewObjectInterfacesFromScheme(scheme),
		}, celconfig.RuntimeCELCostBudget)
		if err != nil {
			return nil, err
		}
	}
	return current.(*unstructured.Unstructured).Object, nil
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
