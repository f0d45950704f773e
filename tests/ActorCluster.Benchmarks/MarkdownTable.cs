namespace ActorCluster.Benchmarks;

/// <summary>A table on standard output.</summary>
internal sealed class MarkdownTable
{
    private readonly List<string[]> _rows = [];

    public MarkdownTable(params string[] columns) => _rows.Add(columns);

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write()
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            Console.WriteLine($"| {string.Join(" | ", _rows[i])} |");
            if (i == 0)
            {
                Console.WriteLine(string.Concat(Enumerable.Repeat("|---", _rows[0].Length)) + "|");
            }
        }

        Console.WriteLine();
    }
}
