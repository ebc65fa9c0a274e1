// An old image, migrated to HVM, and the autoscaling group that runs it.
package main

import (
	"strconv"

	"example.com/pulumi-pv-to-hvm/sdk/go/pvtohvm"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		var allowedCidrs, subnetIds []string
		cfg.RequireObject("allowedCidrs", &allowedCidrs)
		cfg.RequireObject("subnetIds", &subnetIds)

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
		})
		if err != nil {
			return err
		}

		// No DesiredCapacity: what a scaling policy sets would be taken back by the next update.
		group, err := autoscaling.NewGroup(ctx, "web", &autoscaling.GroupArgs{
			VpcZoneIdentifiers: pulumi.ToStringArray(subnetIds),
			MinSize:            pulumi.Int(cfg.RequireInt("minSize")),
			MaxSize:            pulumi.Int(cfg.RequireInt("maxSize")),
			LaunchTemplate: &autoscaling.GroupLaunchTemplateArgs{
				Id: template.ID(),
				// By its number: with "$Latest" nothing of the group changes, and so no refresh begins.
				Version: template.LatestVersion.ApplyT(strconv.Itoa).(pulumi.StringOutput),
			},
			InstanceRefresh: &autoscaling.GroupInstanceRefreshArgs{
				Strategy: pulumi.String("Rolling"),
				Preferences: &autoscaling.GroupInstanceRefreshPreferencesArgs{
					// Nobody falls below full strength: a new instance is healthy before an old one ends.
					MinHealthyPercentage: pulumi.Int(100),
					MaxHealthyPercentage: pulumi.Int(200),
					// The update does not wait for the refresh. Should it fail, the group goes back to the image before, as long
					// as that is there: README.md says how to keep it.
					AutoRollback: pulumi.Bool(true),
				},
			},
			Tags: autoscaling.GroupTagArray{&autoscaling.GroupTagArgs{
				Key:               pulumi.String("Name"),
				Value:             pulumi.String("web"),
				PropagateAtLaunch: pulumi.Bool(true),
			}},
		})
		if err != nil {
			return err
		}

		ctx.Export("imageId", migration.ImageId)
		ctx.Export("groupName", group.Name)
		return nil
	})
}
