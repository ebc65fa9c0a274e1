module shared-image-publisher

go 1.25.11

require (
	example.com/pulumi-pv-to-hvm/sdk/go v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

// Written by `pulumi install`, from the packages of Pulumi.yaml.
replace example.com/pulumi-pv-to-hvm/sdk/go => ./sdks/pv-to-hvm
