// Generates a package's SDK out of its schema, with Pulumi's own generators: what `pulumi package add` does, whose language
// hosts come with Pulumi's download only.
//
//	usage: sdkgen go|python SCHEMA FOLDER
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	pygen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: sdkgen go|python SCHEMA FOLDER")
	}
	pkg, err := load(args[1])
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	files, err := generate(args[0], pkg)
	if err != nil {
		return fmt.Errorf("generating the SDK for %s: %w", args[0], err)
	}
	return write(files, args[2])
}

// A loader is asked for other packages' schemas only, and ours refer to none.
var loader = schema.NewCachedLoader(nil)

func load(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return pkg, nil
}

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "go":
		return gogen.GeneratePackage("sdkgen", pkg, nil)
	case "python":
		return pygen.GeneratePackage("sdkgen", pkg, nil, loader)
	default:
		return nil, fmt.Errorf("no generator for %q", language)
	}
}

func write(files map[string][]byte, folder string) error {
	for name, content := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
