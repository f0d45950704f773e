using ActorCluster.Processing.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorCluster.Operator.Telemetry;

/// <summary>What a process tells of itself to those who watch it: metrics, to be scraped and perhaps sent, and traces, perhaps sent.</summary>
public sealed class NodeTelemetry : IDisposable
{
    private const string Service = "actorcluster";
    private const string RuntimeMeter = "System.Runtime";
    private const string HttpMeter = "Microsoft.AspNetCore.Hosting";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Of .NET's own metrics, those that say something of a node. The contract is <c>docs/metrics.md</c>.</summary>
    private static readonly HashSet<string> OfRuntime =
    [
        "dotnet.process.cpu.time", "dotnet.process.memory.working_set", "dotnet.gc.collections", "dotnet.gc.pause.time", "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.memory.committed_size", "http.server.request.duration",
    ];

    private readonly TracerProvider? _traces;

    private NodeTelemetry(MeterProvider metrics, TracerProvider? traces) => (Metrics, _traces) = (metrics, traces);

    internal MeterProvider Metrics { get; }

    /// <summary>Begins to listen to what the process measures.</summary>
    /// <param name="isScraped">Whether <c>/metrics</c> will be served.</param>
    /// <param name="collector">The OTLP collector that metrics and traces are sent to; null for none.</param>
    /// <param name="instance">What tells this node apart from others.</param>
    public static NodeTelemetry Start(bool isScraped, Uri? collector, string instance)
    {
        var version = typeof(NodeTelemetry).Assembly.GetName().Version?.ToString(3);
        var resource = ResourceBuilder.CreateEmpty().AddService(Service, serviceVersion: version, serviceInstanceId: instance).AddTelemetrySdk();
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(TelemetrySource.Name, RuntimeMeter, HttpMeter)
            .AddView(instrument => instrument.Meter.Name == TelemetrySource.Name || OfRuntime.Contains(instrument.Name) ? null : MetricStreamConfiguration.Drop);
        if (isScraped)
        {
            metrics.AddPrometheusExporter();
        }

        if (collector is null)
        {
            return new NodeTelemetry(metrics.Build(), null);
        }

        metrics.AddOtlpExporter(options => Send(options, collector, "v1/metrics"));
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TelemetrySource.Name).AddOtlpExporter(options => Send(options, collector, "v1/traces"));
        return new NodeTelemetry(metrics.Build(), traces.Build());
    }

    /// <summary>Sends what is left, for some seconds at most, and ends.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        Metrics.Dispose();
    }

    /// <summary>OTLP's own variables decide about protocol (HTTP unless it says <c>grpc</c>), headers and time limit, as with every other program.</summary>
    private static void Send(OtlpExporterOptions options, Uri collector, string path)
    {
        var isGrpc = Environment.GetEnvironmentVariable(ProtocolVariable) == "grpc";
        options.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = isGrpc ? collector : new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
