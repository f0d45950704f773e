using ActorCluster.Core.Faults;
using ActorCluster.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ActorCluster.Media.Faces;

/// <summary>
/// BlazeFace (front camera model) through ONNX Runtime: finds faces whose side is at least about a sixth of the square region it is shown.
/// One forward pass per region, always of the one shape [1, 128, 128, 3], on the calling thread. Thread-safe.
/// </summary>
public sealed class FaceDetector : IDisposable
{
    private const string Stage = "faces";
    private const string Input = "input:0";

    private readonly InferenceSession _session;
    private readonly Lock _lock = new();
    private readonly Stack<Pass> _idle = new();
    private bool _disposed;

    /// <summary>Loads the model.</summary>
    /// <param name="modelPath">The ONNX file of BlazeFace's front camera model.</param>
    /// <exception cref="EnvironmentFaultException">The file is missing, damaged, or another model.</exception>
    public FaceDetector(string modelPath)
    {
        // All optimisations halve the time of a pass and move boxes by less than a thousandth of a pixel.
        _session = OnnxSessions.Open(Stage, modelPath, GraphOptimizationLevel.ORT_ENABLE_ALL);
        try
        {
            OnnxSessions.Require(Stage, modelPath, _session.InputMetadata, Input, 1, BlazeFaceOutputs.InputSize, BlazeFaceOutputs.InputSize, 3);
            foreach (var grid in Grid.All)
            {
                OnnxSessions.Require(Stage, modelPath, _session.OutputMetadata, grid.Scores, 1, grid.Anchors, 1);
                OnnxSessions.Require(Stage, modelPath, _session.OutputMetadata, grid.Boxes, 1, grid.Anchors, BlazeFaceOutputs.BoxWidth);
            }
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Finds the faces in a square region of a frame.</summary>
    /// <param name="rgb">The frame, [<paramref name="height"/>, <paramref name="width"/>, 3], rows from top to bottom.</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <param name="region">Where to look; black outside of the frame.</param>
    /// <param name="minScore">Boxes with a lower score are dropped; greater than 0 and less than 1.</param>
    /// <param name="boxes">Receives one box per face, best score first, behind what it holds already.</param>
    /// <exception cref="ArgumentException">The sizes and the number of bytes do not agree.</exception>
    /// <exception cref="EnvironmentFaultException">ONNX Runtime failed, for instance for want of memory.</exception>
    public void Detect(ReadOnlySpan<byte> rgb, int width, int height, CropRegion region, float minScore, List<FaceBox> boxes)
    {
        var frame = new RgbFrame(rgb, width, height);
        var pass = Rent();
        try
        {
            pass.Run(frame, region, minScore, boxes);
        }
        catch (OnnxRuntimeException e)
        {
            throw new EnvironmentFaultException(Stage, $"The face detector failed: {e.Message}", "Check the machine's free memory and try again.", e);
        }
        finally
        {
            Return(pass);
        }
    }

    /// <summary>Releases the model. No call may be in flight.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            while (_idle.TryPop(out var pass))
            {
                pass.Dispose();
            }
        }

        _session.Dispose();
    }

    private Pass Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _idle.TryPop(out var pass) ? pass : new Pass(_session);
        }
    }

    private void Return(Pass pass)
    {
        lock (_lock)
        {
            _idle.Push(pass);
        }
    }

    /// <summary>One of the network's two anchor grids and the names of its outputs.</summary>
    private sealed record Grid(int Cells, int AnchorsPerCell, string Scores, string Boxes)
    {
        public static Grid[] All { get; } = [new(16, 2, "Identity:0", "Identity_2:0"), new(8, 6, "Identity_1:0", "Identity_3:0")];

        public int Anchors => Cells * Cells * AnchorsPerCell;
    }

    /// <summary>The buffers of one forward pass, bound to the session once and used by one thread at a time.</summary>
    private sealed class Pass : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtIoBinding _binding;
        private readonly RunOptions _runOptions = new();
        private readonly List<OrtValue> _tensors = [];
        private readonly AreaResampler _resampler = new(BlazeFaceOutputs.InputSize);
        private readonly float[] _input;
        private readonly float[][] _scores;
        private readonly float[][] _boxes;

        public Pass(InferenceSession session)
        {
            _session = session;
            _binding = session.CreateIoBinding();
            _input = GC.AllocateArray<float>(_resampler.OutputLength, pinned: true);
            _binding.BindInput(Input, Tensor(_input.AsMemory(0, _input.Length - 1), 1, BlazeFaceOutputs.InputSize, BlazeFaceOutputs.InputSize, 3));
            _scores = [.. Grid.All.Select(grid => Output(grid.Scores, grid.Anchors, 1))];
            _boxes = [.. Grid.All.Select(grid => Output(grid.Boxes, grid.Anchors, BlazeFaceOutputs.BoxWidth))];
        }

        public void Run(RgbFrame frame, CropRegion region, float minScore, List<FaceBox> boxes)
        {
            _resampler.Resample(frame, region, 1 / 127.5f, -1, _input);
            _session.RunWithBinding(_runOptions, _binding);
            var start = boxes.Count;
            for (var i = 0; i < Grid.All.Length; i++)
            {
                BlazeFaceOutputs.Read(Grid.All[i].Cells, Grid.All[i].AnchorsPerCell, _scores[i], _boxes[i], region, minScore, boxes);
            }

            FaceBoxMerger.Merge(boxes, start);
        }

        public void Dispose()
        {
            _binding.Dispose();
            _runOptions.Dispose();
            _tensors.ForEach(tensor => tensor.Dispose());
        }

        private float[] Output(string name, int anchors, int width)
        {
            var buffer = GC.AllocateArray<float>(anchors * width, pinned: true);
            _binding.BindOutput(name, Tensor(buffer, 1, anchors, width));
            return buffer;
        }

        private OrtValue Tensor(Memory<float> buffer, params long[] shape)
        {
            var tensor = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer, shape);
            _tensors.Add(tensor);
            return tensor;
        }
    }
}
