// An instance of the image that another stack publishes.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		publisher, err := pulumi.NewStackReference(ctx, cfg.Require("publisher"), nil)
		if err != nil {
			return err
		}

		instance, err := ec2.NewInstance(ctx, "web", &ec2.InstanceArgs{
			// An image that is not published yet ends the update here; a preview passes.
			Ami:          publisher.GetStringOutput(pulumi.String("imageId")),
			InstanceType: pulumi.String(cfg.Require("instanceType")),
			SubnetId:     pulumi.String(cfg.Require("subnetId")),
			// Guests this old ask for their metadata without a token.
			MetadataOptions: &ec2.InstanceMetadataOptionsArgs{
				HttpEndpoint: pulumi.String("enabled"),
				HttpTokens:   pulumi.String("optional"),
			},
			Tags: pulumi.StringMap{"Name": pulumi.String("web")},
			// A new image replaces no running machine by itself. To move on to it: pulumi up --replace <its URN>.
		}, pulumi.IgnoreChanges([]string{"ami"}))
		if err != nil {
			return err
		}

		ctx.Export("instanceId", instance.ID())
		return nil
	})
}
