namespace ActorCluster.Storage.Tests;

/// <summary>A test that needs a browser and is reported as skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Path is null)
        {
            Skip = "No Chromium or Chrome on the PATH.";
        }
    }
}
