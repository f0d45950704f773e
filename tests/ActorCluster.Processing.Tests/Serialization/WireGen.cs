using System.Collections.Immutable;
using System.Reflection;
using CsCheck;

namespace ActorCluster.Processing.Tests.Serialization;

/// <summary>Makes messages of any type from the parameters of their constructors.</summary>
internal static class WireGen
{
    // Unicode scalar values only: that is what file names and tool output are decoded to.
    private static readonly Gen<string> Text = Gen.OneOf<string>("a", "é", "漢", "😀", "\0", "\n", "\"", "\\", ";", "\uFFFD", new string('x', 200)).Array[1, 5].Select(string.Concat);

    /// <summary>Every field, at every depth, has another value than the one that protobuf leaves out.</summary>
    public static Gen<object> Filled(Type type) => Of(type, Filling.Full).Select(v => v!);

    /// <summary>Anything goes, empty and extreme values included.</summary>
    public static Gen<object> Any(Type type) => Of(type, Filling.Any).Select(v => v!);

    /// <summary>Every collection and string empty, every number zero, everything optional absent.</summary>
    public static object Empty(Type type) => Of(type, Filling.Empty).Single()!;

    private enum Filling
    {
        Empty,
        Any,
        Full,
    }

    private static Gen<object?> Of(Type type, Filling filling)
    {
        if (filling == Filling.Empty)
        {
            return Gen.Const(() => EmptyOf(type));
        }

        var full = filling == Filling.Full;
        if (type == typeof(string))
        {
            return Boxed(full ? Text : Gen.OneOf<string>(Text, Gen.Const("")));
        }

        if (type == typeof(bool))
        {
            return full ? Gen.Const<object?>(true) : Boxed(Gen.Bool);
        }

        if (type == typeof(int))
        {
            return Boxed(Gen.OneOf<int>(Gen.Int, Gen.Int[-2, 300], Gen.OneOf<int>(int.MinValue, int.MaxValue)).Where(v => !full || v != 0));
        }

        if (type == typeof(long))
        {
            return Boxed(Gen.OneOf<long>(Gen.Long, Gen.Long[-2, 300], Gen.OneOf<long>(long.MinValue, long.MaxValue)).Where(v => !full || v != 0));
        }

        if (type == typeof(double))
        {
            return Boxed(Gen.OneOf<double>(Gen.Double, Gen.OneOf<double>(double.NaN, double.PositiveInfinity, double.Epsilon)).Where(v => !full || v != 0));
        }

        if (type == typeof(byte[]))
        {
            return Boxed(Gen.Byte.Array[full ? 1 : 0, 40]);
        }

        if (type.IsEnum)
        {
            return Gen.OneOf<object?>([.. Enum.GetValues(type).Cast<object?>().Where(v => !full || Convert.ToInt64(v, null) != 0)]);
        }

        if (WireShape.IsArray(type))
        {
            return Of(type.GetGenericArguments()[0], filling).Array[full ? 1 : 0, 4].Select(items => (object?)ArrayOf(type, items));
        }

        var constructor = WireShape.ConstructorOf(type);
        return constructor.GetParameters()
            .Aggregate(
                Gen.Const(ImmutableList<object?>.Empty),
                (rest, parameter) => Gen.Select(rest, OfParameter(parameter, filling), (list, value) => list.Add(value)))
            .Select(values => (object?)constructor.Invoke([.. values]));
    }

    private static Gen<object?> OfParameter(ParameterInfo parameter, Filling filling)
    {
        var value = Of(parameter.ParameterType, filling);
        return filling == Filling.Any && WireShape.IsOptional(parameter) ? Gen.OneOf<object?>(value, Gen.Const<object?>((object?)null)) : value;
    }

    private static object? EmptyOf(Type type)
    {
        if (type == typeof(string))
        {
            return "";
        }

        if (type == typeof(byte[]))
        {
            return Array.Empty<byte>();
        }

        if (WireShape.IsArray(type))
        {
            return ArrayOf(type, []);
        }

        if (type.IsValueType)
        {
            return Activator.CreateInstance(type);
        }

        var constructor = WireShape.ConstructorOf(type);
        return constructor.Invoke([.. constructor.GetParameters().Select(p => WireShape.IsOptional(p) ? null : EmptyOf(p.ParameterType))]);
    }

    private static object ArrayOf(Type type, object?[] items)
    {
        var element = type.GetGenericArguments()[0];
        var typed = Array.CreateInstance(element, items.Length);
        Array.Copy(items, typed, items.Length);
        return typeof(ImmutableArray).GetMethods()
            .Single(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [typed])!;
    }

    private static Gen<object?> Boxed<T>(Gen<T> gen) => gen.Select(v => (object?)v);
}
