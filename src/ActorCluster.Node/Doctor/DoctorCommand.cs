using System.CommandLine;

namespace ActorCluster.Node.Doctor;

/// <summary>The command line of <c>actorcluster doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var labels = new Option<string>("--labels") { Description = "Folder of label files, with its subfolders (Train_Set, Validation_Set).", Required = true, HelpName = "folder" };
        var videos = new Option<string>("--videos") { Description = "Folder of the video files, with its subfolders (batch1, batch2, new_vids).", HelpName = "folder" };
        var crops = new Option<string>("--crops") { Description = "Folder of the face crops (cropped_aligned/<video>/00001.jpg).", HelpName = "folder" };
        var template = new Option<string>("--template") { Description = "The organisers' file of the test frames.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new Command(
            "doctor",
            """
            Look over a data set in the layout of Aff-Wild2 before training on it: do labels, frames, crops and sound belong together?

            Exit codes: 0 nothing, or nothing but notices, was found; 1 training or a submission would break on what was found.
            """)
        {
            labels, videos, crops, template, json,
        };
        command.SetAction((parsed, stop) => Task.FromResult(
            DoctorRun.Run(parsed.GetValue(labels)!, parsed.GetValue(videos), parsed.GetValue(crops), parsed.GetValue(template), parsed.GetValue(json), stop)));
        return command;
    }
}
