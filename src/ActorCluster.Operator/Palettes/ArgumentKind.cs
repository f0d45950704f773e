namespace ActorCluster.Operator.Palettes;

/// <summary>What the values of an argument look like.</summary>
public enum ArgumentKind
{
    /// <summary>Any text of at most 4,096 characters without control characters.</summary>
    Text,

    /// <summary>A whole number within the argument's bounds.</summary>
    Number,

    /// <summary>Given or not; takes no value.</summary>
    Flag,

    /// <summary>A size in bytes, such as <c>20G</c>.</summary>
    Size,

    /// <summary>One of the argument's values.</summary>
    Choice,

    /// <summary>The name of a run; completed from the runs that there are.</summary>
    Run,

    /// <summary>The address of a node, <c>host:port</c>, as <c>node list</c> shows it; completed from the nodes that there are.</summary>
    Node,

    /// <summary>A path on the operator's machine, made absolute there before it is sent.</summary>
    Path,
}
