namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Changes one field somewhere in a message and sets all lengths around it right, so that the change reaches what lies behind the parser.</summary>
internal static class FieldMutator
{
    private const int Deepest = 40;
    private static readonly ulong[] Values = [0, 1, 2, 3, 7, 16, 99, 0x7F, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 49, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue];

    public static byte[] Mutate(Random random, byte[] message, int depth = 0)
    {
        if (Fields(message) is not { Count: > 0 } fields) return Spoilt(random, message);
        Field field = fields[random.Next(fields.Count)], other = fields[random.Next(fields.Count)];
        byte[] before = message[..field.Start], after = message[field.End..], whole = message[field.Start..field.End], content = message[field.Content..field.End];
        if (field.Wire == 2 && depth < Deepest && random.Next(8) > 0) return [.. before, .. ProtoBytes.Bytes(field.Number, Mutate(random, content, depth + 1)), .. after];
        return random.Next(6) switch
        {
            0 => [.. before, .. after],
            1 => [.. before, .. whole, .. whole, .. after],
            2 => [.. before, .. message[other.Start..other.End], .. after],
            3 => [.. before, .. after, .. whole],
            4 when field.Wire == 2 && other.Wire == 2 => [.. before, .. ProtoBytes.Bytes(field.Number, message[other.Content..other.End]), .. after],
            _ when field.Wire == 0 => [.. before, .. ProtoBytes.Int(field.Number, (long)Values[random.Next(Values.Length)]), .. after],
            _ when field.Wire == 2 => [.. before, .. ProtoBytes.Bytes(field.Number, Spoilt(random, content)), .. after],
            _ => [.. before, .. ProtoBytes.Int(random.Next(1, 30), (long)Values[random.Next(Values.Length)]), .. whole, .. after],
        };
    }

    private static byte[] Spoilt(Random random, byte[] content)
    {
        if (content.Length == 0) return ProtoBytes.Varint(Values[random.Next(Values.Length)]);
        byte[] spoilt = [.. content];
        spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
        return spoilt;
    }

    /// <summary>The fields of a message; null for bytes that are none.</summary>
    private static List<Field>? Fields(byte[] message)
    {
        List<Field> fields = [];
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            if (Varint(message, ref at) is not { } tag || tag >> 3 is 0 or > 10_000) return null;
            int content = at;
            switch (tag & 7)
            {
                case 0 when Varint(message, ref at) is not null: break;
                case 1: at += 8; break;
                case 2 when Varint(message, ref at) is { } length && length <= (ulong)(message.Length - at):
                    content = at;
                    at += (int)length;
                    break;
                case 5: at += 4; break;
                default: return null;
            }
            if (at > message.Length) return null;
            fields.Add(new((int)(tag >> 3), (int)(tag & 7), start, content, at));
        }
        return fields;
    }

    private static ulong? Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        return null;
    }

    private readonly record struct Field(int Number, int Wire, int Start, int Content, int End);
}
