using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>The types, fields, methods and signatures that the instructions of a method name (ECMA-335, III.1.9).</summary>
internal static class MethodTokens
{
    private const int TwoBytes = 0xFE;

    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    public static IEnumerable<EntityHandle> Read(BlobReader code)
    {
        List<EntityHandle> tokens = [];
        while (code.RemainingBytes > 0)
        {
            int instruction = code.ReadByte();
            if (instruction == TwoBytes) instruction = (instruction << 8) | code.ReadByte();

            OperandType operand = Operands[instruction];
            if (IsToken(operand))
            {
                tokens.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
            }
            else
            {
                int skipped = operand == OperandType.InlineSwitch ? code.ReadInt32() * sizeof(int) : Size(operand);
                code.Offset += skipped;
            }
        }

        return tokens;
    }

    private static bool IsToken(OperandType operand) => operand
        is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineSig;

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
