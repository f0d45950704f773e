using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorCluster.Tests.Shared;

/// <summary>
/// A real PostgreSQL server of a test's own: in a temporary folder, on a free port of the loopback interface, with a password. It dies with the process
/// that runs the tests, and can be killed, frozen and started again before.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The server's only user. Its password has what connection strings must quote.</summary>
    public const string User = "actorcluster";

    /// <summary>The user's password.</summary>
    public const string Password = "p;a\"s's=1";

    private const int SignalKill = 9;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // PostgreSQL refuses to run as root.
    private static readonly string[] AsUser = Environment.UserName == "root" ? ["--reuid", "postgres", "--regid", "postgres", "--init-groups"] : [];

    private readonly DirectoryInfo _folder;
    private readonly bool _durable;
    private Process? _server;
    private int _databases;

    private PostgresServer(DirectoryInfo folder, int port, bool durable)
    {
        (_folder, Port, _durable) = (folder, port, durable);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>What the server has said.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>A way to the maintenance database, for tests that need no database of their own.</summary>
    public string ConnectionString => ConnectionTo("postgres");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string PasswordFile => Path.Combine(_folder.FullName, "password");

    private string LogFile => Path.Combine(_folder.FullName, "log");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="durable">Whether it writes through to the disk: for tests that kill it.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var folder = Directory.CreateTempSubdirectory("actorcluster-postgres-");
        var server = new PostgresServer(folder, FreePort(), durable);
        try
        {
            await File.WriteAllTextAsync(server.PasswordFile, Password);
            if (AsUser.Length > 0)
            {
                await RunAsync("chown", ["-R", "postgres:postgres", folder.FullName]);
            }

            await RunAsync(
                "setpriv",
                [.. AsUser, "--", Binary("initdb"), "--pgdata", server.Data, "--username", User, "--pwfile", server.PasswordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"]);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await server.StartAgainAsync();
                    return server;
                }
                catch (InvalidOperationException) when (attempt < 5)
                {
                    server.Port = FreePort(); // Somebody else was quicker.
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it at the same port and waits until it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={Port}", $"unix_socket_directories={_folder.FullName}", "max_connections=200", "shared_buffers=32MB", "logging_collector=off",
            .. _durable ? (string[])[] : ["fsync=off", "full_page_writes=off", "synchronous_commit=off"],
        ];
        var log = LogFile;
        _server = LivingProcess.Start(
            "setpriv",
            [.. AsUser, "--pdeathsig", "KILL", "--", Binary("postgres"), "-D", Data, .. settings.SelectMany(s => new[] { "-c", s })],
            line => File.AppendAllText(log, line + "\n"));
        using var deadline = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsReadyAsync())
        {
            if (_server.HasExited)
            {
                throw new InvalidOperationException($"PostgreSQL did not start:\n{Log}");
            }

            await look.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    /// <param name="bySocket">Whether it is reached through a file, whatever network a process is in.</param>
    public async Task<string> CreateDatabaseAsync(bool bySocket = false)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await RunAsync(Binary("createdb"), ["--host", "127.0.0.1", "--port", $"{Port}", "--username", User, "--no-password", name], ("PGPASSWORD", Password));
        return ConnectionTo(name, bySocket ? _folder.FullName : "127.0.0.1");
    }

    /// <summary>SIGKILL to the server with all its processes, as the loss of its machine would be.</summary>
    public void Kill()
    {
        if (_server is not { HasExited: false } server)
        {
            return;
        }

        // The parent must not start another child while its children are counted.
        _ = SendSignal(server.Id, SignalStop);
        var children = Children(server.Id);
        foreach (var process in children.Append(server.Id))
        {
            _ = SendSignal(process, SignalKill);
        }

        server.WaitForExit();
        SpinWait.SpinUntil(() => children.TrueForAll(c => !Directory.Exists($"/proc/{c}")), Deadline);
    }

    /// <summary>SIGSTOP to all its processes: it keeps its connections and answers nothing, as behind a network that is gone.</summary>
    public void Freeze() => SignalAll(SignalStop);

    /// <summary>Ends the freeze.</summary>
    public void Thaw() => SignalAll(SignalContinue);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Kill();
        _server?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Binary(string name) =>
        new[] { "/usr/lib/postgresql" }.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .OrderByDescending(version => double.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .Concat(Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator))
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"PostgreSQL's {name} is missing; tests/install.sh installs it.");

    private static async Task RunAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        using var deadline = new CancellationTokenSource(Deadline);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed:\n{await output}\n{await error}");
        }
    }

    private static List<int> Children(int parent)
    {
        List<int> children = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
            {
                continue;
            }

            try
            {
                // "pid (name) state ppid ...", where the name may hold anything, even ")".
                var stat = File.ReadAllText($"/proc/{pid}/stat");
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}")
                {
                    children.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended in the meantime.
            }
        }

        return children;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await RunAsync(Binary("pg_isready"), ["--host", "127.0.0.1", "--port", $"{Port}", "--timeout", "1", "--quiet"]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void SignalAll(int signal)
    {
        foreach (var process in Children(_server!.Id).Prepend(_server.Id))
        {
            _ = SendSignal(process, signal);
        }
    }

    private string ConnectionTo(string database, string host = "127.0.0.1") => $"Host={host};Port={Port};Database={database};Username={User};Password=\"{Password.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
