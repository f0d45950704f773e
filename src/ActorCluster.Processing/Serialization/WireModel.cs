using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using ProtoBuf.Meta;

namespace ActorCluster.Processing.Serialization;

/// <summary>
/// The protobuf form of messages, events and snapshots. A record's constructor parameters, in order, are its fields 1, 2, 3 …: append
/// parameters at the end, and never reorder, remove or retype one, or stored journals can no longer be read.
/// </summary>
internal sealed class WireModel
{
    private readonly RuntimeTypeModel _model = RuntimeTypeModel.Create("ActorCluster");
    private readonly HashSet<Type> _added = [];

    /// <summary>Builds the model of some records and of every record that they contain.</summary>
    public WireModel(IEnumerable<Type> messages)
    {
        _model.AutoAddMissingTypes = false;
        foreach (var message in messages)
        {
            Add(message);
        }

        _model.CompileInPlace();
    }

    /// <summary>The message's bytes.</summary>
    public byte[] Write(object message)
    {
        using var stream = new MemoryStream();
        _model.Serialize(stream, message);
        return stream.ToArray();
    }

    /// <summary>The message of some bytes.</summary>
    public object Read(byte[] bytes, Type type) => _model.Deserialize(type, new MemoryStream(bytes, writable: false));

    private void Add(Type type)
    {
        if (type.Assembly != typeof(WireModel).Assembly || type.IsEnum || !_added.Add(type))
        {
            return;
        }

        var meta = _model.Add(type, applyDefaultBehaviour: false);
        meta.UseConstructor = false;
        meta.SetFactory(typeof(WireModel).GetMethod(nameof(Blank), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type));
        var field = 0;
        foreach (var parameter in PrimaryConstructor(type).GetParameters())
        {
            // The part first: protobuf-net would otherwise take a record for a tuple of its own choosing.
            Add(ElementType(parameter.ParameterType));
            meta.Add(++field, parameter.Name!);
        }
    }

    private static ConstructorInfo PrimaryConstructor(Type type) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .First(c => c.GetParameters() is not [{ } only] || only.ParameterType != type);

    private static Type ElementType(Type type) =>
        Nullable.GetUnderlyingType(type) ?? (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : type);

    /// <summary>An instance to fill: protobuf leaves out empty collections, which must not come back as null.</summary>
    private static T Blank<T>()
    {
        var blank = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            {
                property.SetValue(blank, property.PropertyType.GetField("Empty")!.GetValue(null));
            }
            else if (property.CanWrite && property.PropertyType == typeof(byte[]))
            {
                property.SetValue(blank, Array.Empty<byte>());
            }
        }

        return blank;
    }
}
