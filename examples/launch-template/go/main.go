// An old image, migrated to HVM, as a new version of a launch template.
package main

import (
	"example.com/pulumi-pv-to-hvm/sdk/go/pvtohvm"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		var allowedCidrs []string
		cfg.RequireObject("allowedCidrs", &allowedCidrs)

		migration, err := pvtohvm.NewPvToHvmMigration(ctx, "web", &pvtohvm.PvToHvmMigrationArgs{
			Source: pvtohvm.SourceArgs{ImageId: pulumi.String(cfg.Require("sourceImageId"))},
			Helper: pvtohvm.HelperArgs{
				SubnetId:     pulumi.String(cfg.Require("helperSubnetId")),
				AllowedCidrs: pulumi.ToStringArray(allowedCidrs),
			},
		})
		if err != nil {
			return err
		}

		template, err := ec2.NewLaunchTemplate(ctx, "web", &ec2.LaunchTemplateArgs{
			ImageId:      migration.ImageId,
			InstanceType: pulumi.String(cfg.Require("instanceType")),
			// Guests this old ask for their metadata without a token.
			MetadataOptions: &ec2.LaunchTemplateMetadataOptionsArgs{
				HttpEndpoint: pulumi.String("enabled"),
				HttpTokens:   pulumi.String("optional"),
			},
			// Whoever names "$Default" launches the new image from now on. Whoever names "$Latest" does so even without
			// this, tried or not: that is why neither word is handed on below, but the number.
			// Where it is false, the default needs the image before: README.md says how to keep that.
			UpdateDefaultVersion: pulumi.Bool(cfg.RequireBool("makeDefault")),
		})
		if err != nil {
			return err
		}

		ctx.Export("imageId", migration.ImageId)
		ctx.Export("launchTemplateId", template.ID())
		ctx.Export("launchTemplateVersion", template.LatestVersion)
		return nil
	})
}
