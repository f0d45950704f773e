using System.Reflection;

namespace ActorCluster.Processing;

/// <summary>The application's version, for people.</summary>
internal static class ProductVersion
{
    /// <summary>As the build has set it.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
}
